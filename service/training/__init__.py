"""Training: what is taught, when, by whom, and who was there.

Words: a *course* (课程) is what is taught; a *class* (班次, `TrainingClass`) is one run of it that people book; a
*lesson* (课次) is one sitting with attendance; a *mark* (考勤) says how one worker attended one lesson; a *sheet*
(签到表) is a lesson's list of marks, sealed by the trainer.
"""
