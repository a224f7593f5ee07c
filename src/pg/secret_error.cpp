// Regime: Postgres (may longjmp, never throws)
//
// An error is written anew from what is known to hold no value.
#include "pg/secret_error.hpp"

#include "pg/owned.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

constexpr const char *kWithheld = "The server's own words are withheld: a rule with action secret is about ";

// Cancelled, terminated, out of memory and the like.
bool is_about_the_server(int sqlstate) {
	const int category = ERRCODE_TO_CATEGORY(sqlstate);
	return category == ERRCODE_OPERATOR_INTERVENTION || category == ERRCODE_INSUFFICIENT_RESOURCES ||
		   category == ERRCODE_SYSTEM_ERROR || category == ERRCODE_TRANSACTION_ROLLBACK;
}

// The server's own violations name what was violated, and quote values in the detail only.
bool names_constraint(const ErrorData *error) {
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
		   (error->constraint_name != nullptr || error->sqlerrcode == ERRCODE_NOT_NULL_VIOLATION);
}

void forget_words(ErrorData *error, const char *about) {
	error->detail = psprintf("%s%s.", kWithheld, about);
	error->detail_log = nullptr;
	error->context = nullptr;
	error->internalquery = nullptr;
}

void withhold_value(ErrorData *error, const ConversionPosition *position) {
	const auto column = static_cast<size_t>(position->column);
	const core::ConverterColumn *info = &position->converter->columns()[column];
	const auto *shown = own_from<std::string>(
		CurrentMemoryContext, [=] { return position->converter->Shown(*position->batch, position->row, column); });
	error->message = psprintf("value %s cannot be stored as type %s", shown->c_str(), info->target.text.c_str());
	error->hint = nullptr;
	forget_words(error, "the column");
	error->context = psprintf("column \"%s\" of %s", info->target_name.c_str(), place_of_row(position));
}

void withhold_row(ErrorData *error, const SecretScope *scope) {
	if (!names_constraint(error)) {
		error->message = psprintf("could not store a row of table \"%s\"", scope->table);
		error->hint = nullptr;
	}
	forget_words(error, "a column of the table");
	if (scope->position != nullptr && scope->position->batch != nullptr)
		error->context = pstrdup(place_of_row(scope->position));
}

} // namespace

void withhold_values(ErrorData *error, const SecretScope *scope) {
	const bool withheld = error->detail != nullptr && strncmp(error->detail, kWithheld, strlen(kWithheld)) == 0;
	if (withheld || is_about_the_server(error->sqlerrcode))
		return;
	const ConversionPosition *position = scope->position;
	if (position == nullptr || position->batch == nullptr || position->column < 0)
		withhold_row(error, scope);
	else if (!position->converter->columns()[static_cast<size_t>(position->column)].secret.empty())
		withhold_value(error, position);
}

} // namespace alkconv::pg
