"""Legal aid: the law's clocks, an application from a phone, and a case that only its own people open.

Words: *triage* (诉求自查) asks a few questions and ends in routes, papers and dates; a *clock* (时限) is a term of the
law or of a union, as data; a *case* (援助案件, `AidCase`) is one application through its whole life; the *form*
(申请表) is what the worker says in it, sealed as one value; the *desk* (援助窗口) decides, assigns and watches whose
*turn* it is; a *handler* (承办人) works the case and nobody else opens it but the supervisor and the worker.

How it hangs together: `access.py` says what somebody is to a case and what that one may, `scopes.py` loads a case by it
(a stranger finds nothing, a reader is written down), `lifecycle.py` is the table of states, `journal.move` takes a step
and tells the worker in general words, `forms.py` opens and seals. Every command is: load by `scopes`, check, `journal`.

Consultation (咨询) and labour-law supervision (一函两书) stand in packages of their own and touch nothing here but
`settings`, the clocks and the holiday table. `documents/` (文书) fills templates from a case and keeps them among its
files; `statistics.py` counts `AidCase` rows. Free for whoever builds on: tasks, cover while somebody is absent and
escalation bring their own tables. Each has its `<noun>_models.py`, `<noun>_errors.py` and blueprint.
"""
