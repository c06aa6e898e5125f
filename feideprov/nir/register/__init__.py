"""The municipality's own records of the introduction register: one file, with its own key."""
