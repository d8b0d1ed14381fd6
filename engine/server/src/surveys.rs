//! Surveys: answers are taken without a name, and what is over is ended.

use engine::base::Answers;
use engine::survey::{Stand, Survey};
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::surveys::{self, Given};
use crate::store::{Error, Result, retry};

/// Takes answers of `who`, a person, or a form that is sent once. Nothing here writes down who asked, or when.
pub async fn give(app: &App, tenant: &Tenant, survey: &Survey, who: &str, answers: &Answers) -> Result<Given> {
    retry(Error::is_passing, || give_once(app, tenant, survey, who, answers)).await
}

async fn give_once(app: &App, tenant: &Tenant, survey: &Survey, who: &str, answers: &Answers) -> Result<Given> {
    let id = app.chance.id();
    let mut tx = app.store.begin(&tenant.id).await?;
    let given = surveys::give(&mut tx, (&survey.name, survey.least), who, (&id, answers)).await?;
    if given == Given::Taken {
        tx.commit().await?;
    }
    Ok(given)
}

/// Ends every survey whose last day is over, once; how many were ended.
pub async fn end_over(app: &App) -> usize {
    let (library, mut ended) = (app.library.now(), 0);
    for tenant in library.catalogue.tenants.values() {
        for survey in library.catalogue.surveys(&tenant.id) {
            // One that fails keeps no other open.
            match end(app, tenant, survey).await {
                Ok(done) => ended += usize::from(done),
                Err(error) => {
                    let survey = survey.name.as_str();
                    tracing::error!(tenant = tenant.id, survey, %error, "a survey could not be ended");
                }
            }
        }
    }
    ended
}

/// Ends a survey if its last day is over and it has not ended yet; whether it did.
pub async fn end(app: &App, tenant: &Tenant, survey: &Survey) -> Result<bool> {
    if survey.stand(app.clock.now(tenant).day()) != Stand::Over {
        return Ok(false);
    }
    let mut tx = app.store.read(&tenant.id).await?;
    if surveys::has_ended(&mut tx, &survey.name).await? {
        return Ok(false);
    }
    drop(tx);
    retry(Error::is_passing, || end_once(app, tenant, survey)).await
}

async fn end_once(app: &App, tenant: &Tenant, survey: &Survey) -> Result<bool> {
    let mut tx = app.store.begin(&tenant.id).await?;
    let ended = surveys::end(&mut tx, &survey.name, app.clock.now_ms()).await?;
    tx.commit().await?;
    Ok(ended)
}
