"""Articles that come over HTTP, on their way into the index.

reading   the bytes of a body           →  lines, articles, or what is wrong with them
orders    what clients ask              →  what becomes of it, given what the index holds
batch     orders that came together     →  wait in a queue
shelf     orders that wait in a worker  →  seen by all workers
writer    orders that wait              →  one commit for all of them
loading   the lines of a body           →  batches of orders, and what became of each line
"""
