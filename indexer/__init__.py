"""Articles read, analysed as Italian, and kept in an index that answers searches."""

import os

# Nobody multiplies matrices here, and numpy would start threads for it: each takes memory, and with
# them a process cannot be forked.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
