"""The pages of this floor: what is owed, one matter, the box of a case, the group's regions."""
