// SPDX-License-Identifier: GPL-3.0-or-later
// The same, mended: an event that was seen, or that a later one has overtaken, changes nothing.
({
  by: e => e.body.aggregateId.startsWith('payment-') ? e.body.aggregateId : undefined,
  init: () => ({ status: 'open', captured: 0, sequence: 0 }),
  apply: (payment, e) => {
    if (e.body.sequence <= payment.sequence) return
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
