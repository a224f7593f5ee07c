// Regime: Postgres (may longjmp, never throws)
//
// Mistakes that compile: each function marked "//! finding" must be found by `frames`, no other. Never linked.
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

#include <string>
#include <vector>

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

std::string make_text();
void use_text(const std::string &text);

// ---- mistakes ----

void local_string() { //! holds an object with a destructor across a call that may jump
	std::string text = "x";
	ereport(ERROR, (errmsg("%s", text.c_str())));
}

void temporary_argument() { //! holds an object with a destructor across a call that may jump
	use_text("a temporary string");
}

void temporary_in_message(const core::Error &error) { //! holds an object with a destructor across a call that may jump
	elog(ERROR, "%s", (error.message() + "!").c_str());
}

void returned_object() { //! holds an object with a destructor across a call that may jump
	const auto text = make_text();
	CHECK_FOR_INTERRUPTS();
	elog(DEBUG1, "%s", text.c_str());
}

void vector_in_loop(int count) { //! holds an object with a destructor across a call that may jump
	for (int i = 0; i < count; ++i) {
		std::vector<int> numbers(3);
		elog(DEBUG1, "%d", numbers[0]);
	}
}

void lambda_for_postgres() { //! holds an object with a destructor across a call that may jump
	const auto inside = [] {
		std::string text = "x";
		elog(ERROR, "%s", text.c_str());
	};
	inside();
}

void captured_by_reference(MemoryContext context) {
	int local = 0;
	pg::await(context, nullptr, [&local] { ++local; }); //! captures by reference
}

size_t server_call_in_cpp() { //! calls the server outside pg_call: palloc
	return pg::edge([&] {
		std::string text = "x";
		palloc(1);
		return text.size();
	});
}

// in CamelCase, so of the C++ regime
void ServerCallInNamedCpp(const char *name) { //! calls the server outside pg_call: pstrdup
	std::string text = pstrdup(name);
	use_text(text);
}

int static_local() { //! has a static local initialised at run time
	static const int value = GetUserId();
	return value;
}

// ---- what is right ----

void context_owned(MemoryContext context) {
	auto *text = pg::own<std::string>(context, "x");
	ereport(ERROR, (errmsg("%s", text->c_str())));
}

size_t inside_edge(const core::Error &error) {
	const auto add = [](size_t a, size_t b) { return a + b; };
	return pg::edge([&] {
		std::string text = error.message() + "!";
		const auto twice = [&] { return text + text; };
		use_text(twice());
		return add(text.size(), 1);
	});
}

size_t inside_pg_call() {
	return pg::edge([&] {
		std::string text = "x";
		pg::pg_call([&] { palloc(text.size()); });
		return text.size();
	});
}

// CamelCase: of the C++ regime, entered through edge
std::string JoinTexts(const std::string &a, const std::string &b) {
	std::string text = a;
	use_text(b);
	return text + b;
}

void inside_await(MemoryContext context, mysql::Connection *connection) {
	auto *text = pg::own<std::string>(context);
	pg::await(context, connection, [text] { *text = make_text() + "!"; });
}

int constant_static() {
	static const int value = 7;
	return value;
}

} // namespace alkconv::fdw
