"""The pages of impact assessments: the kinds of flow, a file, its forms, what is asked, the papers."""
