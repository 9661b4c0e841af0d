// The routes of the control socket.
#pragma once

#include "http/routes.hpp"

namespace comity::http {

void add_control(Router& router, Services& services);
/// Of an oversight body: questions, alarms, samples.
void add_oversight(Router& router, Services& services);

} // namespace comity::http
