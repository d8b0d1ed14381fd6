-- Why a receipt is to be taken back: filled where the bank did not honour the cheque.
alter table cancellations add column dishonoured text;
