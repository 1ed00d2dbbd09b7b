/* Which text this was compiled from: a library of another one is not used (see compiled.py). */

#include <stdint.h>

int64_t source(void)
{
    return SOURCE;
}
