"""Which domains the shop is made of, who hears what, and which commands the shell has; read by `create_app()` alone."""

from __future__ import annotations

from flask import Flask

from shop import dev_mail, health, nudging
from shop.core import access, mail, sms
from shop.core.handlers import Handlers

MODELS = (
    "shop.core.attention",
    "shop.core.history",
    "shop.core.sealing",
    "shop.core.limits",
    "shop.core.outbox",
    "shop.core.settings",
    "shop.core.texts",
    "shop.accounts.models",
    "shop.care.models",
    "shop.payments.models",
    "shop.payments.payout_models",
    "shop.catalog.models",
    "shop.inventory.models",
    "shop.inventory.buying_models",
    "shop.inventory.sheet_models",
    "shop.inventory.bins",
    "shop.wallet.models",
    "shop.intake.models",
    "shop.cases.models",
    "shop.visits.models",
    "shop.bag.models",
    "shop.orders.models",
    "shop.orders.instead_models",
    "shop.checkout.models",
    "shop.plans.models",
    "shop.reviews.models",
    "shop.wishes.models",
    "shop.orders.pack_models",
    "shop.imports.models",
    "shop.storefront.models",
    "shop.reports.models",
    "shop.admin.orders.saved_models",
)
DOMAINS: tuple[str, ...] = (
    "accounts",
    "bag",
    "orders",
    "checkout",
    "catalog",
    "storefront",
    "account",
    "visits",
    "intake",
    "plans",
    "admin",
)


def domains(app: Flask) -> None:
    """Load the tables, then let each domain attach its pages."""
    from importlib import import_module

    for name in MODELS:
        import_module(name)
    for name in DOMAINS:
        import_module(f"shop.{name}.pages").attach(app)
    health.attach(app)
    dev_mail.attach(app)
    nudging.attach(app)
    access.refuse_undeclared(app)


def listen(handlers: Handlers) -> None:
    """The only way up."""
    from shop.account import pausing
    from shop.account.reformulating import tell_who_holds_it
    from shop.bag.browser import bag_of_signed_in
    from shop.cases import forgetting, standing
    from shop.catalog import indexing, reformulating
    from shop.checkout import consultation_fee, pay_links, unpaid_fee
    from shop.imports import running
    from shop.intake import changes, reminding
    from shop.intake.browser import answers_of_signed_in
    from shop.intake.facts import join as join_facts
    from shop.inventory import ageing
    from shop.orders import contents, crediting, filing, hearing, lots_got, owing, recalling, repaying, taking_out, unsuited
    from shop.payments import payouts
    from shop.plans import crediting as plan_crediting
    from shop.plans import reminding as plan_reminding
    from shop.plans.forgetting import forget_plans
    from shop.plans.reformulating import hear_list_changed
    from shop.reports import closing, weekly
    from shop.reviews import asking
    from shop.reviews.writing import forget_reviews
    from shop.visits import cancelling, changing, fees, freeing, releasing, telling, wishing, writing_after
    from shop.wallet import daily
    from shop.wishes.wishing import forget_wishes

    handlers.on("signed_in", bag_of_signed_in, answers_of_signed_in)
    handlers.on("mail.promotes", standing.quiet_for)
    handlers.on("client_erased", forgetting.forget_cases)
    handlers.on("client.products", lots_got.lots_of_client)
    handlers.on("visit.soon", changes.ask_before_visit)
    handlers.on_outbox(mail.KIND, mail.deliver)
    handlers.on_outbox(sms.KIND, sms.deliver)
    handlers.on_outbox(reminding.KIND, reminding.remind)
    handlers.on_outbox(reformulating.KIND, tell_who_holds_it)
    handlers.on_outbox(pausing.KIND, pausing.tell_whose_pause_begins)
    handlers.on_outbox(indexing.COUNTS, indexing.count_again)
    handlers.on_outbox("order.placed", filing.file_order)
    handlers.on_outbox("refund.send", repaying.send_refund)
    handlers.on_outbox("refund.succeeded", crediting.credit_refund)
    for kind in ("created", "updated", "failed"):
        handlers.on(f"stripe.refund.{kind}", hearing.hear_refund)
    for kind in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated"):
        handlers.on(f"stripe.charge.dispute.{kind}", hearing.hear_dispute)
    handlers.on("stripe.radar.early_fraud_warning.created", hearing.hear_warning)
    for kind in ("paid", "failed"):
        handlers.on(f"stripe.payout.{kind}", payouts.hear_payout)
    handlers.on_outbox(payouts.LOOK, payouts.look)
    handlers.on_outbox(payouts.READ, payouts.read)
    handlers.on("refund.followed", taking_out.follow_refund)
    handlers.on("order.country", contents.country_of)
    handlers.on("stock.received", owing.hear_received)
    handlers.on("lot_recalled", recalling.tell_clients)
    handlers.on_outbox(running.KIND, running.work_run)
    handlers.on_outbox(daily.KIND, daily.work)
    handlers.on_outbox(ageing.KIND, ageing.look_at_dates)
    handlers.on_outbox(closing.KIND, closing.close)
    handlers.on_outbox(closing.DAY_KIND, closing.close_days)
    handlers.on_outbox(weekly.KIND, weekly.write)
    handlers.on("order.withdrawn", releasing.hear_withdrawn)
    handlers.on("client_erased", forget_plans, forget_reviews, forget_wishes)
    handlers.on("client_joining", join_facts)
    handlers.on("product.list_changed", hear_list_changed)
    handlers.on("order.filed", plan_crediting.hear_order)
    handlers.on_outbox(plan_reminding.KIND, plan_reminding.work)
    handlers.on_outbox(asking.KIND, asking.work)
    handlers.on("visit.not_suitable", unsuited.hear_not_suitable)
    handlers.on_outbox(telling.REMIND, telling.remind)
    handlers.on_outbox(cancelling.FEE_BACK, consultation_fee.pay_fee_back)
    handlers.on_outbox(changing.FEE_USED, consultation_fee.mark_used)
    handlers.on_outbox(pay_links.KIND, pay_links.mail_if_open)
    handlers.on_outbox(fees.FEE_DUE, unpaid_fee.let_go)
    handlers.on("fee.withdrawn", unpaid_fee.hear_fee_back)
    handlers.on_outbox(cancelling.OWED, cancelling.remind_staff)
    handlers.on_outbox(wishing.KIND, freeing.tell)
    handlers.on_outbox(writing_after.AFTER, writing_after.write)
    handlers.on_outbox(writing_after.RECALL, writing_after.recall)


def commands(app: Flask) -> None:
    from shop import cli

    cli.attach(app)
