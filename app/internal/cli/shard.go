package cli

import (
	"errors"
	"flag"
	"fmt"

	"groundglass/annotate/export"
)

// shardFlags declares --shard and --shard0, which say what part of a set to do.
func shardFlags(f *flag.FlagSet) *export.Shard {
	var s export.Shard
	read := func(first int) func(string) error {
		return func(text string) (err error) {
			if s.Count > 0 {
				return errors.New("the part is named twice")
			}
			s, err = parseShard(text, first)
			return err
		}
	}
	f.Func("shard", "do a part only, as 1/4 to 4/4 of four programs that share the work: part `I/N`, counted from 1", read(1))
	f.Func("shard0", "the same, with part `I/N` counted from 0", read(0))
	return &s
}

// parseShard reads I/N, where the first part has the number first.
func parseShard(text string, first int) (export.Shard, error) {
	var i, n int
	var rest string
	if got, _ := fmt.Sscanf(text+"\n", "%d/%d%s", &i, &n, &rest); got != 2 || n < 1 || i < first || i >= n+first {
		other := "--shard counts from 1"
		if first == 1 {
			other = "--shard0 counts from 0"
		}
		return export.Shard{}, fmt.Errorf("the part of a whole is needed, as %d/4 to %d/4 for four parts; %s", first, first+3, other)
	}
	return export.Shard{Index: i - first, Count: n}, nil
}

// indices are the numbers below n.
func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// part is the share of a list that a shard does.
func part[T any](all []T, s export.Shard) []T {
	if s.Count < 2 {
		return all
	}
	var own []T
	for k := s.Index; k < len(all); k += s.Count {
		own = append(own, all[k])
	}
	return own
}
