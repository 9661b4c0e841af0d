# Warnings are errors for our sources; third-party headers come in as system headers.
add_library(comity_flags INTERFACE)
target_compile_options(comity_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 raises false alarms inside libstdc++ when it inlines strings.
  target_compile_options(comity_flags INTERFACE -Wno-restrict -Wno-stringop-overflow
    -Wno-missing-field-initializers)
else()
  # Designated initialisers leave the rest at their defaults on purpose.
  target_compile_options(comity_flags INTERFACE -Wno-missing-field-initializers
    -Wno-missing-designated-field-initializers)
endif()
# One setting for libraries and programs, so that both share the precompiled header.
target_compile_options(comity_flags INTERFACE -fPIE)
target_link_options(comity_flags INTERFACE -pie)
target_include_directories(comity_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(comity_flags INTERFACE OPENSSL_API_COMPAT=30000
  BOOST_ALL_NO_LIB VALIJSON_USE_EXCEPTIONS=1)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(comity_flags INTERFACE _GLIBCXX_ASSERTIONS)
else()
  target_compile_options(comity_flags INTERFACE -fstack-protector-strong)
  target_compile_definitions(comity_flags INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(comity_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
if(COMITY_SANITIZE)
  target_compile_options(comity_flags INTERFACE -fsanitize=${COMITY_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(comity_flags INTERFACE -fsanitize=${COMITY_SANITIZE})
endif()
find_program(COMITY_MOLD mold)
if(COMITY_MOLD)
  target_link_options(comity_flags INTERFACE -fuse-ld=mold)
endif()
