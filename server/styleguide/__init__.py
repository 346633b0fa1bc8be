"""The style page: every piece of the face with its states. Only in `leitai dev` and the demo."""
