//! What the lines of the gateway's file come to: its orders, and the callbacks it owes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::payment::{OrderRequest, OrderState, OrderStatus};

/// One order as the gateway knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) key_id: String,
    pub(super) request: OrderRequest,
    pub(super) state: OrderState,
    pub(super) payment: Option<Payment>,
    /// When a late success is due, in milliseconds since 1970.
    pub(super) late: Option<Late>,
}

/// How an order was paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Payment {
    pub(super) id: String,
    pub(super) mode: String,
}

/// A success that is still to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Late {
    pub(super) due_ms: i64,
    pub(super) mode: String,
    pub(super) repeat: u8,
}

/// A callback that the town has yet to acknowledge.
#[derive(Debug, Clone)]
pub(super) struct Owed {
    pub(super) event: String,
    pub(super) order: String,
    pub(super) repeat: u8,
}

/// One line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub(super) enum Entry {
    /// A town asked for an order.
    Ordered { id: String, key_id: String, request: OrderRequest, at_ms: i64 },
    /// A payer left it to the banks.
    Left { id: String, late: Option<Late>, at_ms: i64 },
    /// A payment came to its end; the town is to be told.
    Ended { id: String, payment: Option<Payment>, event: String, repeat: u8, at_ms: i64 },
    /// The town was told, or could not be.
    Told { event: String, acknowledged: bool, at_ms: i64 },
}

/// All orders, and the callbacks still owed.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) orders: BTreeMap<String, Known>,
    pub(super) by_reference: BTreeMap<(String, String, String), String>,
    pub(super) owed: BTreeMap<String, Owed>,
}

impl Memory {
    /// Folds one line in.
    pub(super) fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Ordered { id, key_id, request, .. } => {
                let reference = (key_id.clone(), request.tenant.clone(), request.reference.clone());
                self.by_reference.insert(reference, id.clone());
                let state = OrderState::Created;
                self.orders.insert(id.clone(), Known { id, key_id, request, state, payment: None, late: None });
            }
            Entry::Left { id, late, .. } => {
                if let Some(order) = self.orders.get_mut(&id) {
                    order.state = OrderState::Pending;
                    order.late = late;
                }
            }
            Entry::Ended { id, payment, event, repeat, .. } => {
                if let Some(order) = self.orders.get_mut(&id) {
                    order.state = if payment.is_some() { OrderState::Succeeded } else { OrderState::Failed };
                    order.payment = payment;
                    order.late = None;
                    self.owed.insert(event.clone(), Owed { event, order: id, repeat });
                }
            }
            Entry::Told { event, .. } => {
                self.owed.remove(&event);
            }
        }
    }
}

impl Known {
    /// The answer to a town that asks.
    pub(super) fn status(&self) -> OrderStatus {
        OrderStatus {
            gateway_order_id: self.id.clone(),
            tenant: self.request.tenant.clone(),
            reference: self.request.reference.clone(),
            state: self.state,
            amount_paise: self.request.amount_paise,
            currency: self.request.currency.clone(),
            gateway_payment_id: self.payment.as_ref().map(|payment| payment.id.clone()),
            mode: self.payment.as_ref().map(|payment| payment.mode.clone()),
            test: true,
        }
    }
}
