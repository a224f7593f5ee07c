// Regime: Postgres (may longjmp, never throws)
//
// Arguments to options.
#include "migrate/request.hpp"

#include "pg/owned.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void read_patterns(ArrayType *array, const char *argument, std::vector<std::string> *patterns) {
	if (array == nullptr)
		return;
	Datum *elements;
	bool *nulls;
	int count;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; ++i) {
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("argument \"%s\" holds a null", argument),
							errhint("Give table names, or LIKE patterns of them.")));
		const char *pattern = TextDatumGetCString(elements[i]);
		pg::edge([&] { patterns->emplace_back(pattern); });
	}
}

} // namespace

Request *make_request(MemoryContext context, const RequestArguments *arguments) {
	const MemoryContext caller = MemoryContextSwitchTo(context);
	auto *request = static_cast<Request *>(palloc0(sizeof(Request)));
	request->source = pstrdup(arguments->source);
	request->target_schema = arguments->target_schema != nullptr ? pstrdup(arguments->target_schema) : nullptr;
	request->plan = pg::own<core::PlanOptions>(context);
	pg::edge([&] {
		if (arguments->mode != nullptr)
			request->plan->mode = core::ParseMode(arguments->mode);
		if (arguments->on_existing != nullptr)
			request->plan->on_existing = core::ParseOnExisting(arguments->on_existing);
		request->verify =
			arguments->verify != nullptr ? core::ParseVerifyLevel(arguments->verify) : core::VerifyLevel::full;
		request->on_bad_value = arguments->on_bad_value != nullptr ? core::ParseOnBadValue(arguments->on_bad_value)
																   : core::OnBadValue::error;
	});
	read_patterns(arguments->include, "include", &request->plan->include);
	if (arguments->include != nullptr && pg::edge([=] { return request->plan->include.empty(); }))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("argument \"include\" is an empty list"),
						errhint("Name the tables, or leave the argument out for all of them.")));
	read_patterns(arguments->exclude, "exclude", &request->plan->exclude);
	if (arguments->readers != nullptr && *arguments->readers < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("readers must be at least 1, not %d", *arguments->readers)));
	request->readers = arguments->readers != nullptr ? *arguments->readers : 0;
	MemoryContextSwitchTo(caller);
	return request;
}

} // namespace alkconv::migrate
