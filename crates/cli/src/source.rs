//! From a chart's reference on the command line to the chart.
