"""``python -m generator.cli`` is ``gen-migration``."""

import sys

from generator.cli import main

sys.exit(main())
