// The doors for people without an account: a notice by its code, and a challenge.
#pragma once

#include "http/routes.hpp"

namespace comity::http {

/// `/notice/v1/…` for anybody, and what the nodes ask one another for it under `/exchange/v1`.
void add_notices(Router& router, Services& services);

} // namespace comity::http
