"""How much is tried: MAILLAGE_DRAWS examples of each property, ten unless it is said, a hundred in the long tier.

MAILLAGE_THOROUGH=true: a thousand of them, and every page judged by axe in every aspect.
"""

import os

THOROUGH = os.environ.get("MAILLAGE_THOROUGH") == "true"
DRAWS = 1000 if THOROUGH else int(os.environ.get("MAILLAGE_DRAWS", "10"))
