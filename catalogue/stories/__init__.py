"""Citizens' good stories: list, page, telling one, thanks from the workplace, and what the editors do."""
