"""Find what never reached us: compare the calls we know with those that Aircall lists."""
