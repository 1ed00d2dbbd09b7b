"""Results → HTML: what a person with a browser sees. Pure: no HTTP, no engine, no clock.

    results     a search, with filters, timeline and the way to the next results
    article     one article, its words marked, and what is like it
    state       the index and the last hour, for who runs the service
    problem     a refusal, said to a reader
    links       a search as an address, and the searches one step away
    filters     counts → choices that are one click on and off
    periods     days → years and recent days to choose
    chart       a timeline → bars
    wording     numbers and dates as Italians write them
    templates   all of it → HTML; the only place that escapes
    assets      style sheet and scripts, each at an address that its content makes

Every address is one that GET /search takes as well, but for the path.
"""
