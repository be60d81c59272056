"""The matching of a round of Innovationspraktik: pure values in, pure values out. See docs/matching.md.

`problem` what goes in; `solving` solve and rematch; `result` what comes out; `stability`, `fairness` and `reasons` what
can be said of it; `limits` and `preferences` the rules; `deferred_acceptance` the algorithm; `words` the Danish.
"""
