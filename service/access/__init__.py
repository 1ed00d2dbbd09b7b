"""Who may do what here, and how often. Pure: knows no HTTP framework and no setting.

keys      KEY:SCOPE:NAME     →  hashes, and whose a given key is
keyfile   a file of them     →  followed while it changes
rules     route and method   →  the scope it needs
clients   peer and headers   →  who asks, and from where
quotas    who asks           →  how often still; counted over all workers in buckets
standing  all keys           →  what start-up says of who may
leaks     an address         →  without the keys that do not belong there
"""
