package train

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkStep times whole training steps, batch 8, 16 filters, two threads.
func BenchmarkStep(b *testing.B) {
	for _, size := range []int{128, 256} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := benchStepper(b, Stage{Size: size, Batch: 8})
			for b.Loop() {
				runStep(b, s)
			}
		})
	}
}

// BenchmarkStepAgainstTorch alternates steps of this package and of PyTorch,
// the same network, batch and number of threads, and reports the median of the
// ratios of their times.
func BenchmarkStepAgainstTorch(b *testing.B) {
	for _, size := range []int{128, 256} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { againstTorch(b, Stage{Size: size, Batch: 8}) })
	}
}

func againstTorch(b *testing.B, stage Stage) {
	torch, replies := startTorch(b, stage)
	s := benchStepper(b, stage)
	runStep(b, s)
	var ratios, ours, theirs []float64
	for b.Loop() {
		start := time.Now()
		runStep(b, s)
		mine := time.Since(start).Seconds()
		if _, err := io.WriteString(torch, "step\n"); err != nil || !replies.Scan() {
			b.Fatal("PyTorch ended: ", err)
		}
		other, err := strconv.ParseFloat(replies.Text(), 64)
		if err != nil {
			b.Fatal(err)
		}
		ratios, ours, theirs = append(ratios, mine/other), append(ours, mine), append(theirs, other)
	}
	median := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(ours)*1e3, "ms/step")
	b.ReportMetric(median(theirs)*1e3, "torch-ms/step")
}

func startTorch(b *testing.B, stage Stage) (io.Writer, *bufio.Scanner) {
	b.Helper()
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import torch").Run() != nil {
		b.Skip("no PyTorch (Debian's python3-torch) to compare with")
	}
	cmd := exec.Command(python, "testdata/torch_step.py", "16", strconv.Itoa(stage.Batch), strconv.Itoa(stage.Size), "2")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	replies := bufio.NewScanner(out)
	if !replies.Scan() || !strings.HasPrefix(replies.Text(), "ready") {
		b.Fatal("PyTorch does not start")
	}
	b.Log(replies.Text())
	return in, replies
}

func runStep(b *testing.B, s *stepper) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, keep := range s.batch.keep {
		fillDropout(r, keep, 0.2)
	}
	if _, err := s.run(context.Background(), 0.1, 1e-3, 0); err != nil {
		b.Fatal(err)
	}
}

func benchStepper(b *testing.B, stage Stage) *stepper {
	b.Helper()
	net := Network{Filters: 16, Levels: 4, Dropout: 0.2}
	s, err := newStepper(net, method{}, stage, 2, newState(layoutOf(net), 1))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.close)
	r := rand.New(rand.NewPCG(1, 2))
	images, targets := blobs(r, stage.Batch, stage.Size)
	copy(s.batch.images, images)
	copy(s.batch.targets, targets)
	fill(s.batch.weights, 1)
	fill(s.batch.variation, 1)
	return s
}
