"""How fast are articles written over HTTP, and does each write count at once, for everybody?

service  a service of four workers over a new index, and what it used of memory and processor
clients  what those who write and those who search do, and what they met
disk     a service on a disk that takes longer to keep what is written
loading  many lines, over HTTP and by the command line
"""
