"""Skills: certificates and the levels they prove.

Words: a *skill certificate* (职业技能等级证书) is entered by its holder and counts once staff have confirmed it; the
*level held* (技能等级) in an occupation is the best confirmed certificate there.
"""
