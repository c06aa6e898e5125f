"""Lists for the introduction register: participation records, and the person list that NIR lets one download."""
