"""Articles that come over HTTP, on their way into the index.

reading    the bytes of a body           →  lines, articles, or what is wrong with them
orders     what clients ask              →  what becomes of it, given what the index holds
batch      orders that came together     →  wait in a queue
messenger  orders in a worker            →  the process that commits for all (wire: how they travel)
committer  what all workers send         →  one commit after the other (gathering: when one begins)
writer     orders that wait              →  one commit for all of them
shelf      orders, where nobody commits  →  whichever worker has the turn
loading    the lines of a body           →  batches of orders, and what became of each line
"""
