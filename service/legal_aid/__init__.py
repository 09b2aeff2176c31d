"""Legal aid: the law's clocks, an application from a phone, and a case that only its own people open.

Words: *triage* (诉求自查) asks a few questions and ends in routes, papers and dates; a *clock* (时限) is a term of the
law or of a union, as data; a *case* (援助案件, `AidCase`) is one application through its whole life; the *form*
(申请表) is what the worker says in it, sealed as one value; the *desk* (援助窗口) decides, assigns and watches whose
*turn* it is; a *handler* (承办人) works the case and nobody else opens it but the supervisor and the worker.

Free for whoever builds beside: consultation (咨询) and labour-law supervision (一函两书) touch nothing here but
`clocks`, `clock_settings` and the holiday table; each brings its own `*_models.py`, enums and errors files.
"""
