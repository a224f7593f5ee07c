// Regime: Postgres (may longjmp, never throws)
//
// The test module's magic block, and what the tests measure: live objects, their history, threads, memory.
#include "probe.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "storage/fd.h"
}

#include <cstdio>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/allocator_interface.h>
#endif

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

// A number from a file of /proc/self: the one after `label`, or the `position`-th field when there is no label.
int64 proc_number(const char *path, const char *label, int position) {
	FILE *file = AllocateFile(path, "r");
	if (file == nullptr)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
	char line[1024];
	int64 result = -1;
	while (result < 0 && fgets(line, sizeof line, file) != nullptr) {
		const char *text = line;
		if (label != nullptr) {
			if (strncmp(line, label, strlen(label)) != 0)
				continue;
			text += strlen(label);
		}
		for (int i = 0; i < position && text != nullptr; ++i) {
			text = strchr(text, ' ');
			text = text == nullptr ? nullptr : text + 1;
		}
		if (text != nullptr)
			result = strtoll(text, nullptr, 10);
	}
	FreeFile(file);
	return result;
}

} // namespace

extern "C" {
PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(alkconv_test_live);
PG_FUNCTION_INFO_V1(alkconv_test_events);
PG_FUNCTION_INFO_V1(alkconv_test_threads);
PG_FUNCTION_INFO_V1(alkconv_test_memory);
PG_FUNCTION_INFO_V1(alkconv_test_contexts);

// alkconv_test_live() bigint: probes that live.
Datum alkconv_test_live(PG_FUNCTION_ARGS) {
	(void)fcinfo;
	PG_RETURN_INT64(test::Probe::live());
}

// alkconv_test_events() text: lives and deaths since the last call.
Datum alkconv_test_events(PG_FUNCTION_ARGS) {
	(void)fcinfo;
	text *result = cstring_to_text(test::Probe::events());
	test::Probe::clear_events();
	PG_RETURN_TEXT_P(result);
}

// alkconv_test_threads() bigint: threads of this process.
Datum alkconv_test_threads(PG_FUNCTION_ARGS) {
	(void)fcinfo;
	PG_RETURN_INT64(proc_number("/proc/self/status", "Threads:\t", 0));
}

// alkconv_test_memory() bigint: private resident bytes of this process (shared memory counts when first touched, so it is left out).
// Under AddressSanitizer, which keeps freed memory for a while: bytes allocated.
Datum alkconv_test_memory(PG_FUNCTION_ARGS) {
	(void)fcinfo;
#ifdef __SANITIZE_ADDRESS__
	PG_RETURN_INT64(static_cast<int64>(__sanitizer_get_current_allocated_bytes()));
#else
	const int64 resident = proc_number("/proc/self/statm", nullptr, 1);
	const int64 shared = proc_number("/proc/self/statm", nullptr, 2);
	PG_RETURN_INT64((resident - shared) * sysconf(_SC_PAGESIZE));
#endif
}

// alkconv_test_contexts() bigint: bytes held by all memory contexts.
Datum alkconv_test_contexts(PG_FUNCTION_ARGS) {
	(void)fcinfo;
	PG_RETURN_INT64(static_cast<int64>(MemoryContextMemAllocated(TopMemoryContext, true)));
}
}
