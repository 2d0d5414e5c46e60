"""Writes about cases: submission, tasks, access, and how a case ends."""

from dienstweg.cases.actions.access import (
    Held,
    hold,
    let_go_of_account,
    let_in,
    new_code_by_post,
    open_for,
    renew_code,
)
from dienstweg.cases.actions.approving import agree, send_back
from dienstweg.cases.actions.claiming import assign, give_back, return_after_absence
from dienstweg.cases.actions.copying import Copier
from dienstweg.cases.actions.corrections import (
    HANDED_IN,
    answer_correction,
    ask_correction,
    end_corrections,
    offer_correction,
    withdraw_correction,
)
from dienstweg.cases.actions.declining import decline_invitation, take_part_again
from dienstweg.cases.actions.drafting import keep_draft
from dienstweg.cases.actions.ending import close, erase, replay_erasures, withdraw
from dienstweg.cases.actions.following import follow_correction
from dienstweg.cases.actions.handing_over import (
    call_off_handing_over,
    conclude_handing_over,
    copy_case,
    order_handing_over,
)
from dienstweg.cases.actions.inviting import invite
from dienstweg.cases.actions.looking import read_log
from dienstweg.cases.actions.mistaking import invite_rightly, say_not_meant
from dienstweg.cases.actions.naming_parties import NewParty, add_party, prove_person, remove_party
from dienstweg.cases.actions.noting import correct_note, note
from dienstweg.cases.actions.on_paper import (
    Paper,
    answer_on_paper,
    hand_in_on_paper,
    refuse_on_paper,
    sign_on_paper,
)
from dienstweg.cases.actions.party_links import (
    letter_for,
    letter_posted,
    mail_news,
    remind_party,
    renew_link,
    send_link_again,
)
from dienstweg.cases.actions.refusing import note_refused_file
from dienstweg.cases.actions.releasing import TaskWords, change_release
from dienstweg.cases.actions.signing import (
    ask_signatures_anew,
    decline_signature,
    give_signature,
    no_longer_sign,
    sign,
)
from dienstweg.cases.actions.submission import submit
from dienstweg.cases.actions.taking_part import (
    LetIn,
    answer_as_party,
    hand_in,
    let_in_party,
    open_for_party,
    take_file_back,
)
from dienstweg.cases.actions.tasks import ask, decide, no_longer_ask, settle_task, sweep, undo

__all__ = [
    "HANDED_IN",
    "Copier",
    "Held",
    "LetIn",
    "NewParty",
    "Paper",
    "TaskWords",
    "add_party",
    "agree",
    "answer_as_party",
    "answer_correction",
    "answer_on_paper",
    "ask",
    "ask_correction",
    "ask_signatures_anew",
    "assign",
    "call_off_handing_over",
    "change_release",
    "close",
    "conclude_handing_over",
    "copy_case",
    "correct_note",
    "decide",
    "decline_invitation",
    "decline_signature",
    "end_corrections",
    "erase",
    "follow_correction",
    "give_back",
    "give_signature",
    "hand_in",
    "hand_in_on_paper",
    "hold",
    "invite",
    "invite_rightly",
    "keep_draft",
    "let_go_of_account",
    "let_in",
    "let_in_party",
    "letter_for",
    "letter_posted",
    "mail_news",
    "new_code_by_post",
    "no_longer_ask",
    "no_longer_sign",
    "note",
    "note_refused_file",
    "offer_correction",
    "open_for",
    "open_for_party",
    "order_handing_over",
    "prove_person",
    "read_log",
    "refuse_on_paper",
    "remind_party",
    "remove_party",
    "renew_code",
    "renew_link",
    "replay_erasures",
    "return_after_absence",
    "say_not_meant",
    "send_back",
    "send_link_again",
    "settle_task",
    "sign",
    "sign_on_paper",
    "submit",
    "sweep",
    "take_file_back",
    "take_part_again",
    "undo",
    "withdraw",
    "withdraw_correction",
]
