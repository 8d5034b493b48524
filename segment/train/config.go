package train

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
)

// Config says everything about a training run; a run is repeated from it.
// Relative paths are meant from the working directory.
type Config struct {
	Name    string  `json:"name"`
	Output  string  `json:"output"` // folder of checkpoint, model, log and curves
	Seed    uint64  `json:"seed"`
	Threads int     `json:"threads"`
	Network Network `json:"network"`
	// Start is a finished model to go on from, the paper's transfer learning; ""
	// is none.
	Start     string    `json:"start,omitempty"`
	Classes   []Class   `json:"classes"` // none stands for one: ground glass and consolidation
	Loss      Loss      `json:"loss"`
	Optimizer Optimizer `json:"optimizer"`
	Stages    []Stage   `json:"stages"`
	Schedule  Schedule  `json:"schedule"`
	Augment   Augment   `json:"augment"`
	// Average is the share that the running average of the weights keeps a
	// step; the average is what is validated and exported. 0: no average.
	Average float64 `json:"average"`
	// Last keeps the last weights in place of the best validated ones: where the
	// validation pictures are a test, they must not choose.
	Last bool `json:"last,omitempty"`
	// Duplicates keeps training pictures that look like validation pictures: for
	// measuring what splits that leak are worth, and nothing else.
	Duplicates bool    `json:"duplicates,omitempty"`
	Threshold  float64 `json:"threshold"` // cut-off of validation and of the card
	// Calibrate moves the finished model's logits so that its best cut-off on
	// the validation pictures is Threshold: the mean of the sources' pooled Dice is
	// highest there, sources whose patients are not known being left out where others are.
	Calibrate bool `json:"calibrate"`
	// Mirror lets the finished model look at each slice's mirrored picture too.
	Mirror bool `json:"mirror,omitempty"`
	// Through is the finished model's Card.Through, in mm. It is scored and calibrated with it.
	Through float64  `json:"through_plane,omitempty"`
	Sources []Source `json:"sources"`
	Card    CardText `json:"card"`
}

// Stage is a part of the run at one input size.
type Stage struct {
	Size  int     `json:"size"`
	Batch int     `json:"batch"`
	Steps int     `json:"steps"`
	Rate  float64 `json:"rate"` // the learning rate at the stage's start
	// Augment, where there is one, stands for the run's in this stage.
	Augment *Augment `json:"augment,omitempty"`
}

// CardText is what a run cannot know about its model.
type CardText struct {
	Description string `json:"description"`
	Data        string `json:"data"`
	Licence     string `json:"licence"`
}

// ReadConfig reads a configuration and refuses one that cannot be run; unknown
// fields are refused too, since a misspelt one would be ignored.
func ReadConfig(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, err
	}
	defer f.Close()
	c, err := parseConfig(f)
	if err != nil {
		return c, fmt.Errorf("training configuration %s: %w", path, err)
	}
	return c, nil
}

func parseConfig(r io.Reader) (Config, error) {
	c := Config{Threads: 2, Threshold: 0.3}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, err
	}
	if len(c.Classes) == 0 {
		c.Classes = []Class{{Name: defaultClass}}
	}
	c.Network.Outputs = 1 + len(c.Classes)
	return c, c.check()
}

func (c *Config) check() error {
	switch {
	case c.Output == "":
		return errors.New("output folder is missing")
	case c.Network.Filters < 1 || c.Network.Filters > 128:
		return fmt.Errorf("network.filters is %d, must be 1 to 128", c.Network.Filters)
	case c.Network.Levels < 1 || c.Network.Levels > 6:
		return fmt.Errorf("network.levels is %d, must be 1 to 6", c.Network.Levels)
	case c.Network.Dropout < 0 || c.Network.Dropout >= 1:
		return fmt.Errorf("network.dropout is %g, must be at least 0 and below 1", c.Network.Dropout)
	case c.Threshold <= 0 || c.Threshold > 1:
		return fmt.Errorf("threshold is %g, must be above 0 and at most 1", c.Threshold)
	case c.Average < 0 || c.Average >= 1:
		return fmt.Errorf("average is %g, must be at least 0 and below 1", c.Average)
	case c.Threads < 1:
		return fmt.Errorf("threads is %d, must be at least 1", c.Threads)
	case len(c.Stages) == 0:
		return errors.New("there are no stages")
	case len(c.Sources) == 0:
		return errors.New("there are no sources")
	}
	for i, s := range c.Stages {
		if err := s.check(c.Network.Multiple()); err != nil {
			return fmt.Errorf("stage %d: %w", i+1, err)
		}
	}
	for i, s := range c.Sources {
		if err := s.check(); err != nil {
			return fmt.Errorf("source %d: %w", i+1, err)
		}
	}
	if err := c.checkClasses(); err != nil {
		return err
	}
	return cmp.Or(c.Loss.check(), c.Optimizer.check(), c.Schedule.check())
}

func (s Stage) check(multiple int) error {
	switch {
	case s.Size < multiple || s.Size%multiple != 0 || s.Size > 1024:
		return fmt.Errorf("size is %d, must be a multiple of %d and at most 1024", s.Size, multiple)
	case s.Batch < 1 || s.Batch > 64:
		return fmt.Errorf("batch is %d, must be 1 to 64", s.Batch)
	case s.Steps < 1:
		return fmt.Errorf("steps is %d, must be at least 1", s.Steps)
	case s.Rate <= 0:
		return fmt.Errorf("rate is %g, must be above 0", s.Rate)
	}
	return nil
}

// continues tells whether a run of c goes on from where one of o stopped: they
// train alike, but c may have further stages, and another name, folder and way of
// finishing its model.
func (c Config) continues(o Config) bool {
	c.Stages = c.Stages[:min(len(o.Stages), len(c.Stages))]
	c.Calibrate, o.Calibrate = false, false
	c.Mirror, o.Mirror = false, false
	c.Through, o.Through = 0, 0
	c.Sources, o.Sources = unplaced(c.Sources), unplaced(o.Sources)
	c.Card, o.Card = CardText{}, CardText{}
	c.Name, o.Name, c.Output, o.Output = "", "", "", ""
	return reflect.DeepEqual(c, o)
}

// augment is what changes the examples of a stage.
func (c *Config) augment(s Stage) Augment {
	if s.Augment != nil {
		return *s.Augment
	}
	return c.Augment
}

// steps is the length of the whole run.
func (c *Config) steps() int {
	n := 0
	for _, s := range c.Stages {
		n += s.Steps
	}
	return n
}

// stageAt returns the stage of a step, counted from 0, and its first step.
func (c *Config) stageAt(step int) (stage, first int) {
	for i, s := range c.Stages {
		if step < first+s.Steps {
			return i, first
		}
		first += s.Steps
	}
	return len(c.Stages), first
}

func (c *Config) method() method { return method{c.Loss, c.Optimizer} }
