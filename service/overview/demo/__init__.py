"""Demo data: made-up unions, workers, staff and classes for a machine on which nobody is real.

Every name says 示例 or is put together at random from lists; ID numbers carry the sequence 000, which no person has.
Production refuses all of it. Nothing imports this but the command line and the tools that start the product.
"""
