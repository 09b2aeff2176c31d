"""Labour-law supervision (工会劳动法律监督, 一函两书): a *tip* (线索) and what the committee in charge does about it.

Words: the *committee* (劳动法律监督委员会) checks on site, two people at least; it writes a *hint* (提示函), then an
*opinion* (意见书) to the employer, then an *advice* (建议书) to the authority, each with its reply clock. A tip may be
anonymous: then nothing says who gave it, and a *claim code* (查询码), shown once, opens its state.
"""
