"""How fast are we, beside engines that people know, on this machine, in one run?

corpus    articles, generated or recombined      queries   words drawn from them
   ↓                                                ↓
seat      a process of its own for each engine: indexes, asks, adds; its memory is watched
   ↓
series    every figure with its runs  →  report   text, JSON, a plot of the growth

python -m benchmarks.speed [--articles-count 20000] [--quick] [--articles FILE]
"""
