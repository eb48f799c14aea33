# Two commands set up everything: `make run` and `make test`. See README.md.
.PHONY: help
help:
	@echo "make run | make test | make demo-video | make bench"
