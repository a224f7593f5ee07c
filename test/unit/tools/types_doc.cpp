// Regime: C++ (may throw, never calls Postgres)
//
// Writes docs/types.md; the path is the only argument.
#include "../types_document.hpp"

#include <fstream>
#include <iostream>

int main(int count, char **arguments) {
	if (count != 2) {
		std::cerr << "usage: types_doc_writer FILE\n";
		return 2;
	}
	std::ofstream out(arguments[1], std::ios::binary);
	out << alkconv::test::TypesDocument();
	out.close();
	if (!out) {
		std::cerr << "could not write " << arguments[1] << "\n";
		return 1;
	}
	return 0;
}
