"""Documents from templates (文书): .docx files in `templates/`, which the union's lawyers keep with a word processor.

A name in double braces is filled in; what people typed stays text as typed (docs/rules.md `legal_aid.documents`).
"""
