"""placeholder while being written"""
def test(*a): raise NotImplementedError
def bench(*a): raise NotImplementedError
