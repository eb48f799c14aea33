# Two commands set up everything: `make run` and `make test`. See README.md.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help run test build models demo-video bench load format setup

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

run: setup models ## install what is missing, prepare the models, start the server, print a link to an interview
	@./mediascore serve --lan --demo

test: ## install what the tests need, build everything with warnings as errors, run all tests
	@tools/setup.sh --test
	@$(MAKE) --no-print-directory build models
	@tools/test.sh

build: ## build everything, warnings are errors
	@dotnet build MediaScore.sln -c Release -v q --nologo

models: ## fetch, check and prepare the models (once; 250 MB on disk)
	@./mediascore models prepare

demo-video: ## make an interview to try it on: data/demo/demo-interview.mp4
	@tools/setup.sh --demo
	@tools/demo-video.sh

bench: setup models ## the raw model time beside the pool's, in about a minute and a half
	@dotnet run -c Release --project bench -- --quick

load: ## put interviews on a server of its own: make load ARGS='--transport webrtc --interviews 100 --seconds 60'
	@$(MAKE) --no-print-directory setup models >&2
	@dotnet build load-tests/Load -c Release -v q --nologo >&2
	@dotnet load-tests/Load/bin/Release/net10.0/MediaScore.Load.dll $(ARGS)

format: ## fail when the code is not formatted
	@dotnet format whitespace . --folder --verify-no-changes

setup:
	@tools/setup.sh
