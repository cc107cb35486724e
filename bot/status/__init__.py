"""How it goes: facts, the sentences that tell them, the card in a message, and the Home tab."""
