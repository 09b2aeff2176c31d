"""Consultation (咨询): a worker asks the union's lawyers, who answer within a clock.

What is asked and answered is sealed and in no index. An answer worth sharing is written a second time without
identities: only these *published answers* (公开答复) are found by their words.
"""
