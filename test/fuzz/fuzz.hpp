// Regime: C++ (may throw, never calls Postgres)
//
// What the fuzz targets share. libFuzzer calls LLVMFuzzerTestOneInput with mutations of the seeds; whatever aborts is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

inline void Require(bool holds) {
	if (!holds)
		std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
