-- Opens a page again and again, each time as another person of the crowd: path, size of the crowd, cookie, host,
-- encoding. The browser has been here before: it brings the secret of forms.
local path, size, headers, cookie
local secret = "; __Host-kabinet-csrf=abcdefghijklmnopqrstuvwxyz012345"

function init(args)
  path, size, cookie = args[1], tonumber(args[2]), args[3]
  headers = {["Host"] = args[4], ["X-Forwarded-Proto"] = "https", ["Accept-Encoding"] = args[5]}
  math.randomseed(os.time())
end

function request()
  headers["Cookie"] = cookie .. "=token-" .. math.random(1, size) .. secret
  return wrk.format("GET", path, headers)
end
