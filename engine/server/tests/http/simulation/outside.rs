//! The outside: a gateway, a carrier of messages and a store of files, all of which fail, lose their
//! answers, and remember what really happened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::http::HeaderMap;
use connectors::fault::Fault;
use connectors::files::{Digest, Kind, PutError, Source, Stored, TakeError, Upload};
use connectors::message::{Message, Sent};
use connectors::payment::{Callback, Order, OrderRequest, OrderState, OrderStatus, Rejected};
use connectors::{Answer, FileStore, Gateway, Messenger};
use server::store::Fate;
use sha2::{Digest as _, Sha256};

use super::gate::{Gate, Stop};

/// What really happened outside.
#[derive(Default)]
pub(super) struct Outside {
    /// Orders by the gateway's name for them.
    pub(super) orders: BTreeMap<String, Asked>,
    /// Callbacks that are on their way.
    pub(super) callbacks: Vec<Callback>,
    /// Messages that arrived, by town and key.
    pub(super) arrived: BTreeMap<(String, String), Message>,
    /// Files by town and digest.
    files: BTreeMap<(String, String), Vec<u8>>,
    /// What the program did that nobody outside would stand for.
    pub(super) wrong: Vec<String>,
}

/// An order at the gateway.
pub(super) struct Asked {
    pub(super) request: OrderRequest,
    pub(super) state: OrderState,
    pub(super) payment: Option<String>,
    /// Whether somebody was sent here to pay it.
    pub(super) shown: bool,
}

impl Outside {
    fn order(&mut self, request: &OrderRequest) -> Result<Order, Fault> {
        request.check()?;
        let name = format!("go-{}", request.reference);
        let known = self.orders.entry(name.clone()).or_insert_with(|| Asked {
            request: request.clone(),
            state: OrderState::Created,
            payment: None,
            shown: false,
        });
        if known.request.amount_paise != request.amount_paise || known.request.tenant != request.tenant {
            self.wrong.push(format!("the order {name} was asked for twice, and not alike"));
            return Err(Fault::permanent("the same reference with another amount"));
        }
        Ok(Order { pay_url: format!("https://gateway.example/{name}"), gateway_order_id: name })
    }

    fn status(&self, name: &str) -> Result<OrderStatus, Fault> {
        let asked = self.orders.get(name).ok_or_else(|| Fault::permanent("no such order"))?;
        Ok(OrderStatus {
            gateway_order_id: name.to_owned(),
            tenant: asked.request.tenant.clone(),
            reference: asked.request.reference.clone(),
            state: asked.state,
            amount_paise: asked.request.amount_paise,
            currency: asked.request.currency.clone(),
            gateway_payment_id: asked.payment.clone(),
            mode: asked.payment.as_ref().map(|_| "upi".to_owned()),
            test: false,
        })
    }

    fn deliver(&mut self, message: &Message) -> Sent {
        let key = (message.tenant.clone(), message.key.clone());
        let again = self.arrived.contains_key(&key);
        if let Some(before) = self.arrived.insert(key, message.clone())
            && before != *message
        {
            self.wrong.push(format!("one key for two messages: {:?} and {:?}", before.body, message.body));
        }
        Sent { reference: message.key.clone(), again }
    }

    /// The payer was sent to the gateway.
    pub(super) fn show(&mut self, reference: &str) {
        let order = self.orders.values_mut().find(|order| order.request.reference == reference);
        order.expect("whoever is sent to pay has an order").shown = true;
    }

    /// What becomes of an order at the gateway; `calls` callbacks are sent for it.
    pub(super) fn settle(&mut self, name: &str, state: OrderState, calls: usize) {
        let asked = self.orders.get_mut(name).expect("an order that is there");
        asked.state = state;
        if state == OrderState::Succeeded {
            asked.payment = Some(format!("gp-{}", asked.request.reference));
        }
        let callback = Callback {
            gateway_order_id: name.to_owned(),
            event: format!("{name}-{state:?}"),
            reference: asked.request.reference.clone(),
        };
        self.callbacks.extend(std::iter::repeat_n(callback, calls));
    }
}

/// The lines of one run to the outside.
pub(super) struct Lines {
    pub(super) gate: Arc<Gate>,
    pub(super) outside: Arc<Mutex<Outside>>,
}

impl Lines {
    /// Calls the outside: what is done there and what the caller hears of it are two things.
    async fn call<T>(
        &self,
        what: &'static str,
        effect: impl FnOnce(&mut Outside) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match self.gate.pass(Stop::Outside(what)).await {
            Fate::Done => effect(&mut self.outside.lock().unwrap()),
            Fate::AnswerLost => {
                let _ = effect(&mut self.outside.lock().unwrap());
                Err(Fault::temporary("no answer in time"))
            }
            Fate::Refused | Fate::Lost => Err(Fault::temporary("nobody answers")),
        }
    }
}

impl Gateway for Lines {
    fn name(&self) -> &'static str {
        "invented"
    }

    fn origin(&self) -> String {
        "https://gateway.example".to_owned()
    }

    fn create_order<'a>(&'a self, request: &'a OrderRequest) -> Answer<'a, Order, Fault> {
        Box::pin(self.call("the gateway for an order", |outside| outside.order(request)))
    }

    fn read_callback(&self, _: &HeaderMap, body: &[u8], _: i64) -> Result<Callback, Rejected> {
        serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)
    }

    fn status<'a>(&'a self, gateway_order_id: &'a str) -> Answer<'a, OrderStatus, Fault> {
        Box::pin(self.call("the gateway how an order stands", |outside| outside.status(gateway_order_id)))
    }
}

impl Messenger for Lines {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        Box::pin(self.call("the carrier", |outside| {
            message.check()?;
            Ok(outside.deliver(message))
        }))
    }
}

impl FileStore for Lines {
    fn put<'a>(&'a self, upload: Upload<'a>, source: &'a mut dyn Source) -> Answer<'a, Stored, PutError> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            while let Some(piece) = source.next().await.map_err(Fault::permanent)? {
                bytes.extend(piece);
            }
            let digest = server::auth::token::hex(&Sha256::digest(&bytes));
            let (size, name) = (u64::try_from(bytes.len()).unwrap(), upload.name.to_owned());
            let key = (upload.tenant.to_owned(), digest.clone());
            self.call("the store of files", move |outside| {
                outside.files.insert(key, bytes);
                Ok(())
            })
            .await?;
            Ok(Stored { digest: Digest::parse(&digest).unwrap(), size, kind: Kind::Pdf, name })
        })
    }

    fn get<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, Vec<u8>, TakeError> {
        let key = (tenant.to_owned(), digest.to_string());
        let found = self.outside.lock().unwrap().files.get(&key).cloned();
        Box::pin(std::future::ready(found.ok_or(TakeError::Missing)))
    }

    fn verify<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, (), TakeError> {
        let key = (tenant.to_owned(), digest.to_string());
        let there = self.outside.lock().unwrap().files.contains_key(&key);
        Box::pin(std::future::ready(if there { Ok(()) } else { Err(TakeError::Missing) }))
    }
}
