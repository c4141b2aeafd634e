// SPDX-License-Identifier: GPL-3.0-or-later
// What became of each payment, as the shop's service folds it: it takes events as they come.
({
  by: e => e.body.aggregateId.startsWith('payment-') ? e.body.aggregateId : undefined,
  init: () => ({ status: 'open', captured: 0, sequence: 0 }),
  apply: (payment, e) => {
    payment.sequence = e.body.sequence
    if (e.eventType === 'PaymentAuthorized') payment.status = 'authorized'
    if (e.eventType === 'PaymentFailed') payment.status = 'failed'
    if (e.eventType === 'PaymentVoided') payment.status = 'voided'
    if (e.eventType === 'PaymentCaptured') {
      payment.status = 'captured'
      payment.captured += e.body.data.amount
    }
  },
})
