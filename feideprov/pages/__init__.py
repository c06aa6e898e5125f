"""What the pages for people share: the layout, the style, the policy that lets nothing else in, and days in words."""
