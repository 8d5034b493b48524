# make run    opens the demo chest CT in the window; without a display, does the same job and writes pictures
# make test   runs every test, those in a real window too; GROUNDGLASS_TEST_WIDE=1 adds the codecs' slow ones
# make fuzz   searches for inputs that make a parser or codec panic, take over 2 s or over 1 GB: FUZZTIME=10m each, or the
#             targets that FUZZ=pattern picks; what it finds is under testdata/fuzz
# make killtest  kills programs that work, and programs that export, at random 500 times, and looks for what is lost or differs
# make judges  installs the programs that judge exports (nnU-Net, MONAI, highdicom, ...) in build/judges; make test does, too
# make bench  runs the benchmarks, the one against PyTorch too
# make model  trains the bundled model anew from ../shared/data, under an hour of two cores; stopped, it goes on
# make experiments  trains what segment/train/EXPERIMENTS.md tells of, hours; stopped, it goes on
# make setup  installs the system packages of all three (Debian, Ubuntu), or names what is missing
#
# Needs Go and a C compiler. Each target installs what it needs itself.

BUILD_PACKAGES := pkg-config libc6-dev libgl-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev \
	libxxf86vm-dev libwayland-dev libxkbcommon-dev
TEST_PACKAGES := xvfb libgl1-mesa-dri openbox dcmtk dicom3tools libgdcm-tools python3-pydicom python3-nibabel python3-sklearn \
	python3-pil libtiff-tools dcm2niix libopenjp2-tools libjpeg-turbo-progs openjph-tools zstd parallel
JUDGE_PACKAGES := python3-venv python3-wheel python3-yaml python3-torch python3-numpy python3-scipy python3-skimage python3-pandas \
	python3-nibabel python3-pil
BENCH_PACKAGES := python3-torch python3-numpy python3-gdcm python3-pil

export GOFLAGS := -mod=readonly $(filter-out -mod=%,$(GOFLAGS))

# A home folder that cannot be written to gets its caches in build/.
ifneq ($(shell mkdir -p "$$HOME/.cache" 2>/dev/null && test -w "$$HOME/.cache" && echo yes),yes)
export XDG_CACHE_HOME := $(CURDIR)/build/cache
export GOCACHE := $(CURDIR)/build/cache/go-build
export GOMODCACHE := $(CURDIR)/build/cache/go-mod
endif

.PHONY: build run test fuzz killtest judges bench model experiments setup setup-build setup-test setup-bench clean

build: setup-build
	go build -o build/groundglass ./app

run: build
	build/groundglass demo -o build/demo

test: setup-build setup-test
	@test -z "$$(gofmt -l app ui segment annotate assets)" || { gofmt -l app ui segment annotate assets; exit 1; }
	go vet ./...
	go test -timeout 30m ./...

FUZZTIME ?= 10m
FUZZ ?= .

fuzz: setup-build
	@.ci/fuzz $(FUZZTIME) '$(FUZZ)'

killtest:
	GROUNDGLASS_KILLS=500 go test -count=1 -timeout 30m -run 'TestKilled$$|TestTwoPrograms' -v ./annotate/project
	GROUNDGLASS_KILLS=500 go test -count=1 -timeout 30m -run 'TestKilled$$' -v ./annotate/export
	GROUNDGLASS_KILLS=100 go test -count=1 -timeout 30m -run 'TestKilledExport$$' -v ./app/internal/cli

judges:
	@.ci/packages judges $(JUDGE_PACKAGES)
	@.ci/judges build/judges

bench: setup-build setup-bench
	go test -timeout 60m -run '^$$' -bench . -benchmem ./...

CONFIGS := segment/train/configs

model: build
	for config in unet16 tvunet16; do build/groundglass train --config $(CONFIGS)/$$config.json --resume || exit 1; done
	build/groundglass quantize --config $(CONFIGS)/tvunet16.json --model .runs/tvunet16/model.onnx -o .runs/tvunet16/model.int8.onnx
	cp .runs/tvunet16/model.onnx .runs/tvunet16/model.int8.onnx assets/model/

experiments: build
	for plan in variation variation-dice variation-full method semiseg split semi; do build/groundglass train --plan $(CONFIGS)/experiments/$$plan.json || exit 1; done

setup: setup-build setup-test setup-bench

setup-build:
	@.ci/packages build $(BUILD_PACKAGES)

setup-test:
	@.ci/packages test $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory judges || test -z "$$CI"

setup-bench:
	@.ci/packages bench $(BENCH_PACKAGES)

clean:
	rm -rf build .artifacts
